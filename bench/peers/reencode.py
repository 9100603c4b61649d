# Pillow in a pool of processes: reencode.py OUT FILES...   (PNG to PNG at its default level, 6)
import os
import sys
from multiprocessing import Pool

from PIL import Image

out = sys.argv[1]


def one(path):
    with Image.open(path) as im:
        im.save(f"{out}/{os.path.basename(path)}")


if __name__ == "__main__":
    with Pool(len(os.sched_getaffinity(0))) as pool:
        for _ in pool.imap_unordered(one, sys.argv[2:], chunksize=4):
            pass
