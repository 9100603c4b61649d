# Pillow in a pool of processes: thumbs.py OUT WIDTH HEIGHT EXT draft|full FILES...
import os
import sys
from multiprocessing import Pool

from PIL import Image

out, width, height, ext, how = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]


def one(path):
    with Image.open(path) as im:
        if how == "draft":
            im.draft("RGB", (2 * width, 2 * height))
        scale = min(width / im.width, height / im.height)
        im = im.resize((max(1, round(im.width * scale)), max(1, round(im.height * scale))), Image.LANCZOS)
        name = os.path.splitext(os.path.basename(path))[0]
        im.save(f"{out}/{name}.{ext}", **({"quality": 80} if ext == "jpg" else {}))


if __name__ == "__main__":
    with Pool(len(os.sched_getaffinity(0))) as pool:
        for _ in pool.imap_unordered(one, sys.argv[6:], chunksize=4):
            pass
