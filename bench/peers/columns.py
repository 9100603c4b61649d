# columns.py OUT FILE   pandas: mean and std of every column of a CSV
import sys

import pandas as pd

out, path = sys.argv[1:3]
frame = pd.read_csv(path, engine="c")
pd.DataFrame({"mean": frame.mean(), "std": frame.std()}).to_csv(f"{out}/pandas.csv")
