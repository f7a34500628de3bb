"""``python -m mock_ctrader``: the command line."""

from mock_ctrader.cli import main

if __name__ == "__main__":
    main()
