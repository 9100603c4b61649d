# Pillow in a pool of processes: thumbs.py OUT WIDTH HEIGHT EXT fast|draft|full FILES...
import os
import sys
from multiprocessing import Pool

from PIL import Image

out, width, height, ext, how = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]


def one(path):
    with Image.open(path) as im:
        if how != "full":
            least = 1 if how == "fast" else 2
            im.draft("RGB", (least * width, least * height))
        scale = min(width / im.width, height / im.height)
        im = im.resize((max(1, round(im.width * scale)), max(1, round(im.height * scale))), Image.LANCZOS)
        name = os.path.splitext(os.path.basename(path))[0]
        im.save(f"{out}/{name}.{ext}", **({"quality": 80} if ext in ("jpg", "webp") else {}))


if __name__ == "__main__":
    with Pool(len(os.sched_getaffinity(0))) as pool:
        for _ in pool.imap_unordered(one, sys.argv[6:], chunksize=4):
            pass
