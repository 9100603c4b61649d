# Pillow in a pool of processes, several sizes from one decode, each from the one before: sizes.py OUT SIZE,... FILES...
import os
import sys
from multiprocessing import Pool

from PIL import Image

out, sizes = sys.argv[1], [int(s) for s in sys.argv[2].split(",")]


def one(path):
    name = os.path.splitext(os.path.basename(path))[0]
    with Image.open(path) as im:
        im.load()
        full = im.size
        for size in sizes:
            scale = min(size / full[0], size / full[1])
            im = im.resize((max(1, round(full[0] * scale)), max(1, round(full[1] * scale))), Image.LANCZOS)
            im.save(f"{out}/{name}-{size}.png")


if __name__ == "__main__":
    with Pool(len(os.sched_getaffinity(0))) as pool:
        for _ in pool.imap_unordered(one, sys.argv[3:], chunksize=4):
            pass
