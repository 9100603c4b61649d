#!/usr/bin/python3
"""Writes kodak.tsv: Pillow's Lanczos reduction of the Kodak photographs to 256 px, as block means and sample pixels.

In Pillow's float mode: its 8-bit mode clips between its two passes, which moves a few of the strongest edges by up to 15 levels.
usage: kodak.py CORPUS > kodak.tsv     (Debian's python3-pil and python3-numpy)
A line: name, width, height, 16x16 block means of R, G, B in tenths (row by row), then 64 pixels as x,y,r,g,b.
"""
import glob
import os
import sys

import numpy
from PIL import Image

for path in sorted(glob.glob(os.path.join(sys.argv[1], "kodak", "*.png"))):
    image = Image.open(path).convert("RGB")
    scale = 256 / max(image.size)
    size = tuple(round(side * scale) for side in image.size)
    planes = [Image.fromarray(plane.astype("float32"), "F") for plane in numpy.asarray(image).transpose(2, 0, 1)]
    pixels = numpy.stack([numpy.asarray(plane.resize(size, Image.LANCZOS), dtype=float) for plane in planes], 2)
    pixels = numpy.clip(numpy.floor(pixels + 0.5), 0, 255)
    w, h = size
    means = []
    for by in range(16):
        for bx in range(16):
            block = pixels[by * h // 16:(by + 1) * h // 16, bx * w // 16:(bx + 1) * w // 16]
            means += [str(round(10 * m)) for m in block.reshape(-1, 3).mean(axis=0)]
    samples = []
    for i in range(64):
        x, y = (i * 37 + 11) % w, (i * 53 + 7) % h
        samples.append(",".join(str(int(v)) for v in (x, y, *pixels[y, x])))
    print(os.path.basename(path), w, h, " ".join(means), " ".join(samples), sep="\t")
