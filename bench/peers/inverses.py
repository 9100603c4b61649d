# NumPy: inverses.py OUT processes|threads FILES...   (one BLAS thread in each process)
import os
import sys

if sys.argv[2] == "processes":
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pool

import numpy as np

out, how = sys.argv[1], sys.argv[2]


def one(path):
    np.save(f"{out}/{os.path.basename(path)}", np.linalg.inv(np.load(path)))


if __name__ == "__main__":
    n = len(os.sched_getaffinity(0))
    if how == "processes":
        with Pool(n) as pool:
            for _ in pool.imap_unordered(one, sys.argv[3:], chunksize=4):
                pass
    else:
        with ThreadPoolExecutor(n) as pool:
            list(pool.map(one, sys.argv[3:]))
