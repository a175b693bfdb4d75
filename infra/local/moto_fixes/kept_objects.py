"""Objects in S3 that are there after a restart, for a table that outlives the emulator.

Promise: an object's bytes are in the folder before its write is answered, and a bucket that is created again
holds what it held; so papers that the table lists can be read. Downside: only what PutObject wrote and its
bytes are kept, neither metadata nor earlier versions; everything is read into memory at the start.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from moto.s3.models import FakeKey, S3Backend

from infra.local.kept_files import write_whole
from infra.local.replacing import replace

Method = Callable[..., Any]

_SUFFIX = ".object"


def apply(folder: Path) -> None:
    """Keep the objects of every bucket of this process in `folder`, one file each."""
    kept = _Kept(folder)
    replace(S3Backend, "create_bucket", kept.filling)
    replace(S3Backend, "put_object", kept.writing)
    replace(S3Backend, "delete_object", kept.deleting)


class _Kept:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def filling(self, create: Method) -> Method:
        put = S3Backend.put_object

        def create_bucket(backend: S3Backend, bucket_name: str, *how: Any, **more: Any) -> Any:
            bucket = create(backend, bucket_name, *how, **more)
            for file in (self._folder / bucket_name).glob(f"*{_SUFFIX}"):
                put(backend, bucket_name, unquote(file.name.removesuffix(_SUFFIX)), file.read_bytes())
            return bucket

        return create_bucket

    def writing(self, put: Method) -> Method:
        def put_object(backend: S3Backend, bucket_name: str, key_name: str, value: bytes, **how: Any) -> Any:
            made = put(backend, bucket_name, key_name, value, **how)
            write_whole(self._file(bucket_name, key_name), value)
            return made

        return put_object

    def deleting(self, delete: Method) -> Method:
        def delete_object(backend: S3Backend, bucket_name: str, key_name: str, *how: Any, **more: Any) -> Any:
            answer = delete(backend, bucket_name, key_name, *how, **more)
            # In a versioned bucket a delete marker is left in its place.
            if not isinstance(backend.get_bucket(bucket_name).keys.get(key_name), FakeKey):
                self._file(bucket_name, key_name).unlink(missing_ok=True)
            return answer

        return delete_object

    def _file(self, bucket: str, key: str) -> Path:
        return self._folder / bucket / (quote(key, safe="") + _SUFFIX)
