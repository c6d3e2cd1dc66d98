"""``python -m nasaq`` is the program ``nasaq``."""

from ._program import main

if __name__ == "__main__":
    main()
