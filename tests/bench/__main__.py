"""Speed and size, measured in one run on one machine and told as ratios: ``make bench``."""

from bench import million

if __name__ == "__main__":
    million.main()
