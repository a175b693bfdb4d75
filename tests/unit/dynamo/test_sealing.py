"""What is sealed opens at its place, and nowhere else."""

import os
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.dynamo.errors import SealBroken
from chalicelib.adapters.dynamo.sealing import DataKey, normalised

KEY = DataKey("key-1", bytes(range(32)))
PLACE = st.lists(st.text(st.sampled_from('ab",[]'), max_size=3), min_size=1, max_size=4)


@given(st.text(st.characters(codec="utf-8")), PLACE)
def test_what_is_sealed_opens_at_its_place(text: str, place: list[str]) -> None:
    """Every text, also the empty one."""
    assert KEY.open(KEY.seal(text, place), place).decode() == text


@given(PLACE, PLACE)
def test_two_places_are_never_the_same(one: list[str], other: list[str]) -> None:
    """Parts of a place can't flow into each other."""
    sealed = KEY.seal(b"content", one)
    if one == other:
        assert KEY.open(sealed, other) == b"content"
    else:
        with pytest.raises(SealBroken):
            KEY.open(sealed, other)


@pytest.mark.parametrize("other", [DataKey("key-2", KEY.secret), DataKey("key-1", os.urandom(32))])
def test_another_key_does_not_open(other: DataKey) -> None:
    """Neither another secret nor the same one under another name."""
    with pytest.raises(SealBroken):
        other.open(KEY.seal("x", ["p"]), ["p"])


@pytest.mark.parametrize("length", range(30))
def test_what_is_cut_short_does_not_open(length: int) -> None:
    """A truncated value is an altered one."""
    with pytest.raises(SealBroken):
        KEY.open(KEY.seal("text", ["p"])[:length], ["p"])


@given(st.integers(0, 32))
def test_an_altered_byte_does_not_open(position: int) -> None:
    """Wherever it stands."""
    sealed = bytearray(KEY.seal("text", ["p"]))
    sealed[position % len(sealed)] ^= 0x80
    with pytest.raises(SealBroken):
        KEY.open(bytes(sealed), ["p"])


def test_the_index_key_is_derived_as_rfc_5869_says() -> None:
    """Ours is HKDF-Expand, as cryptography computes it."""
    purpose = b"jiefen-hub id-number index v1"
    mac = HMAC(HKDFExpand(algorithm=SHA256(), length=32, info=purpose).derive(KEY.secret), SHA256())
    mac.update(b"11010519491231002X")
    assert KEY.index_of("11010519491231002x") == mac.finalize().hex()


def test_an_id_number_is_written_in_one_way() -> None:
    """As a scanner, a phone or a clerk types it."""
    assert normalised(" 110105 1949 1231\u3000002ｘ\n") == "11010519491231002X"


def test_a_key_shows_nothing_of_itself() -> None:
    """Its repr may end up in a log."""
    assert "secret" not in repr(KEY)
    assert KEY.secret.hex()[:8] not in repr(KEY)


def test_importing_the_storage_loads_no_cryptography() -> None:
    """A function that seals nothing does not pay for it, and no client is made."""
    code = "import sys, chalicelib.adapters.dynamo.store; print(*sys.modules)"
    done = subprocess.run(  # noqa: S603 - our own interpreter on a fixed text
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not {"cryptography", "boto3", "pydantic"} & set(done.stdout.split())
    assert "chalicelib.adapters.dynamo.store" in done.stdout.split()
