# SPDX-License-Identifier: MIT
"""Mean difference, in levels of 0 to 255, between thumbnails and what decoding the whole image and Lanczos give:
difference.py INPUTS OUTPUTS. Both folders have the same stems; eight pictures are looked at. Needs Pillow and NumPy."""
import glob
import os
import sys

import numpy
from PIL import Image

inputs, outputs = sys.argv[1:3]
found = []
for name in sorted(glob.glob(os.path.join(outputs, "*")))[:8]:
    stem = os.path.splitext(os.path.basename(name))[0]
    with Image.open(name) as got, Image.open(os.path.join(inputs, stem + ".jpg")) as source:
        want = source.convert("RGB").resize(got.size, Image.LANCZOS)
        pair = [numpy.asarray(im.convert("RGB"), dtype=float) for im in (got, want)]
    found.append(abs(pair[0] - pair[1]).mean())
print(f"{sum(found) / len(found):.3f}")
