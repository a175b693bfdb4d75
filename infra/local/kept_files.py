"""Files that a kill -9 leaves whole: they hold the old content or the new one, never a part.

Downside: they are not synced to the disk, so a power failure may lose the last ones.
"""

import os
import tempfile
from pathlib import Path


def write_whole(file: Path, content: bytes) -> None:
    """Write a file that its owner alone may read; folders are made as needed."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    with os.fdopen(descriptor, "wb") as part:
        part.write(content)
    Path(name).replace(file)
