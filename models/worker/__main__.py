"""``python -m models.worker``: a worker of the program's own, from source."""

from models.worker import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
