# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From a folder of documents to a filtered corpus
#
# This notebook aligns all documents of a folder, keeps the good pairs as Parquet, and describes the
# corpus on a page. It needs `pip install nasaq pyarrow`. Open it with jupytext, or run it as a script:
#
#     python corpus.py [CORPORA] [OUT]

# %%
import os
import sys
import tempfile
from pathlib import Path

import nasaq
import pyarrow.parquet as pq

in_notebook = "ipykernel" in sys.modules
given = [] if in_notebook else sys.argv[1:]
default = os.environ.get("NASAQ_CORPORA", "corpora")
corpora = Path(given[0] if given else default)
out = Path(given[1] if len(given) > 1 else tempfile.mkdtemp())

# %% [markdown]
# ## One document
#
# `nasaq.read` takes any format that the program reads. A notebook shows an alignment as a table.

# %%
name = sorted(path.name for path in corpora.iterdir() if path.is_dir())[0]
alignment = nasaq.align(nasaq.read(corpora / name / "ar.txt"), nasaq.read(corpora / name / "en.txt"))
alignment

# %% [markdown]
# Look at the warnings first: they list texts that are probably not what you meant.

# %%
print(f"{name}: document score {alignment.document_score:.3f}")
for warning in alignment.warnings:
    print("warning:", warning)

# %% [markdown]
# ## All documents
#
# The templates say which files belong together. A run that was stopped continues when this cell is run
# again. Documents that failed are in `errors.jsonl` in the output.

# %%
templates = [corpora / "{id}" / "ar.txt", corpora / "{id}" / "en.txt"]
counts = nasaq.align_corpus(templates, out / "aligned", to="jsonl")
print({key: value for key, value in counts.items() if isinstance(value, int)})
if not counts.passed:
    print("some documents failed:", (out / "aligned" / "errors.jsonl").read_text("utf-8"))

# %% [markdown]
# ## Filter
#
# The default filters are mild; `nasaq filter --show-default` prints them to start from. The counts say
# how many pairs each of them rejects.

# %%
kept = nasaq.filter(out / "aligned", out / "pairs.parquet", rejects=out / "rejected.tsv")
print(f"{kept['kept']} of {kept['rows']} pairs are kept")
for message in kept.messages:
    print(message)

# %% [markdown]
# ## The result

# %%
pairs = pq.read_table(out / "pairs.parquet")
print(pairs.num_rows, "pairs with the columns", ", ".join(pairs.schema.names))
for row in pairs.slice(0, 3).to_pylist():
    print(f"{row['probability']:.3f}", row["src"], "=", row["tgt"])

# %% [markdown]
# ## The report
#
# The page has the whole picture; the same numbers are returned.

# %%
numbers = nasaq.report(out / "aligned", out / "report.html")
print("the report is", out / "report.html")
print("its numbers:", ", ".join(numbers))
