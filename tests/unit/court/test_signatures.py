"""What a signature proves, what it does not, and that other implementations agree."""

from __future__ import annotations

import base64
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from chalicelib.adapters import signatures
from chalicelib.adapters.signatures import BadKey, BadSignature, sign, verify

# Published by the reference libraries of the specification (symmetric: every language; asymmetric: Go).
VECTOR_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
VECTOR_TIME = datetime.fromtimestamp(1614265330, tz=UTC)
VECTOR_BODY = b'{"test": 2432232314}'
VECTOR_SHARED = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
VECTOR_SHARED_SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
VECTOR_PRIVATE = "whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk="
VECTOR_PRIVATE_SIGNATURE = (
    "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag=="
)
VECTOR_PUBLIC = signatures.public_key_of(VECTOR_PRIVATE)

SHARED = "whsec_" + base64.b64encode(b"k" * 32).decode()
OTHER = "whsec_" + base64.b64encode(b"o" * 32).decode()

message_ids = st.text("abcXYZ019_-", min_size=1, max_size=128)
times = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
shared_keys = st.binary(min_size=24, max_size=64).map(lambda raw: "whsec_" + base64.b64encode(raw).decode())
key_pairs = st.binary(min_size=32, max_size=32).map(
    lambda raw: (private := "whsk_" + base64.b64encode(raw).decode(), signatures.public_key_of(private))
)


def reason(headers: dict[str, str], body: bytes, keys: list[str], now: datetime) -> str:
    """Give the reason for which the message is refused."""
    with pytest.raises(BadSignature) as caught:
        verify(headers, body, keys, now)
    return caught.value.reason


@pytest.mark.parametrize(
    ("signing", "verifying", "expected"),
    [
        (VECTOR_SHARED, VECTOR_SHARED, VECTOR_SHARED_SIGNATURE),
        (VECTOR_PRIVATE, VECTOR_PUBLIC, VECTOR_PRIVATE_SIGNATURE),
    ],
)
def test_the_published_vectors_come_out_and_go_in(signing: str, verifying: str, expected: str) -> None:
    headers = sign(VECTOR_ID, VECTOR_TIME, VECTOR_BODY, [signing])
    assert headers == {
        "webhook-id": VECTOR_ID,
        "webhook-timestamp": "1614265330",
        "webhook-signature": expected,
    }
    assert verify(headers, VECTOR_BODY, [verifying], VECTOR_TIME) == VECTOR_ID


@given(message_ids, st.text(max_size=200), shared_keys)
def test_the_reference_library_accepts_what_we_sign(message_id: str, body: str, key: str) -> None:
    headers = sign(message_id, datetime.now(UTC), body.encode(), [key])
    Webhook(key).verify(body, headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(body, headers, json_parse=False)


@given(message_ids, times, st.text(max_size=200), shared_keys)
def test_we_accept_what_the_reference_library_signs(
    message_id: str, now: datetime, body: str, key: str
) -> None:
    headers = {
        "Webhook-Id": message_id,
        "Webhook-Timestamp": str(int(now.timestamp())),
        "Webhook-Signature": Webhook(key).sign(message_id, now.replace(microsecond=0), body),
    }
    assert verify(headers, body.encode(), [key], now) == message_id


@given(message_ids, times, st.binary(max_size=200), shared_keys, key_pairs)
def test_any_message_signed_with_both_schemes_verifies_with_either_key(
    message_id: str, now: datetime, body: bytes, shared: str, pair: tuple[str, str]
) -> None:
    private, public = pair
    headers = sign(message_id, now, body, [shared, private])
    assert verify(headers, body, [shared], now) == message_id
    assert verify(headers, body, [public], now) == message_id
    assert verify(headers, body, [OTHER, public], now) == message_id


@given(st.binary(min_size=1, max_size=100), st.data())
def test_a_single_changed_bit_anywhere_is_refused(body: bytes, data: st.DataObject) -> None:
    private, public = signatures.new_key_pair()
    headers = sign("msg_1", VECTOR_TIME, body, [SHARED, private])
    at, bit = data.draw(st.integers(0, len(body) - 1)), data.draw(st.integers(0, 7))
    changed = bytearray(body)
    changed[at] ^= 1 << bit
    assert reason(headers, bytes(changed), [SHARED, public], VECTOR_TIME) == "no_match"


@pytest.mark.parametrize(
    ("header", "value"),
    [("webhook-id", "msg_2"), ("webhook-timestamp", str(int(VECTOR_TIME.timestamp()) + 1))],
)
def test_the_id_and_the_time_are_part_of_what_is_signed(header: str, value: str) -> None:
    headers = sign("msg_1", VECTOR_TIME, b"{}", [SHARED]) | {header: value}
    assert reason(headers, b"{}", [SHARED], VECTOR_TIME) == "no_match"


@given(st.integers(-1000, 1000))
@example(300)
@example(-300)
@example(301)
@example(-301)
def test_a_message_lives_five_minutes_in_either_direction(offset: int) -> None:
    headers = sign("msg_1", VECTOR_TIME, b"{}", [SHARED])
    now = VECTOR_TIME + timedelta(seconds=offset)
    if abs(offset) <= 300:
        assert verify(headers, b"{}", [SHARED], now) == "msg_1"
    else:
        assert reason(headers, b"{}", [SHARED], now) == "expired"


def test_a_key_is_rotated_by_overlap_on_either_side() -> None:
    old, new = signatures.new_shared_key(), signatures.new_shared_key()
    during = sign("msg_1", VECTOR_TIME, b"{}", [new, old])
    assert len(during["webhook-signature"].split(" ")) == 2
    for receiver in ([old], [new], [old, new]):
        assert verify(during, b"{}", receiver, VECTOR_TIME) == "msg_1"
    after = sign("msg_2", VECTOR_TIME, b"{}", [new])
    assert reason(after, b"{}", [old], VECTOR_TIME) == "no_match"


@pytest.mark.parametrize("keys", [(SHARED, SHARED), (VECTOR_PRIVATE, VECTOR_PUBLIC)])
def test_a_signature_counts_only_under_its_own_scheme(keys: tuple[str, str]) -> None:
    signing, verifying = keys
    headers = sign("msg_1", VECTOR_TIME, b"{}", [signing])
    scheme, _, encoded = headers["webhook-signature"].partition(",")
    headers["webhook-signature"] = f"{'v1' if scheme == 'v1a' else 'v1a'},{encoded}"
    assert reason(headers, b"{}", [verifying], VECTOR_TIME) == "no_match"


def test_a_signature_with_stray_characters_is_none() -> None:
    headers = sign("msg_1", VECTOR_TIME, b"{}", [SHARED])
    headers["webhook-signature"] = headers["webhook-signature"].replace("v1,", "v1,!")
    assert reason(headers, b"{}", [SHARED], VECTOR_TIME) == "no_match"


def test_signatures_of_unknown_schemes_are_passed_over() -> None:
    headers = sign("msg_1", VECTOR_TIME, b"{}", [SHARED])
    headers["webhook-signature"] = f"v2,AAAA v1 nonsense v1,*** {headers['webhook-signature']} ,"
    assert verify(headers, b"{}", [SHARED], VECTOR_TIME) == "msg_1"


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("empty", [True, False])
def test_each_header_is_needed(missing: str, empty: bool) -> None:
    headers = sign("msg_1", VECTOR_TIME, b"{}", [SHARED])
    if empty:
        headers[missing] = ""
    else:
        del headers[missing]
    assert reason(headers, b"{}", [SHARED], VECTOR_TIME) == "missing_header"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("webhook-id", "msg.1"),
        ("webhook-id", "CALLBACK#1"),
        ("webhook-id", "m" * 129),
        ("webhook-timestamp", "1614265330.5"),
        ("webhook-timestamp", "-1614265330"),
        ("webhook-timestamp", "１６１４２６５３３０"),
        ("webhook-timestamp", "9" * 12),
        ("webhook-signature", " ".join([VECTOR_SHARED_SIGNATURE] * 17)),
    ],
)
def test_a_header_out_of_form_is_refused_before_any_key_is_used(header: str, value: str) -> None:
    headers = sign("msg_1", VECTOR_TIME, b"{}", [SHARED]) | {header: value}
    assert reason(headers, b"{}", [SHARED], VECTOR_TIME) == "malformed_header"


def test_without_a_key_nothing_is_authentic() -> None:
    assert reason(sign("msg_1", VECTOR_TIME, b"{}", [SHARED]), b"{}", [], VECTOR_TIME) == "no_match"


def test_a_refusal_quotes_nothing_of_the_message_or_the_key() -> None:
    headers = sign("msg_1", VECTOR_TIME, b"{}", [SHARED]) | {"webhook-id": "secret.name"}
    with pytest.raises(BadSignature) as caught:
        verify(headers, b"{}", [SHARED], VECTOR_TIME)
    assert str(caught.value) == "signature refused: malformed_header"
    assert caught.value.code == "bad_signature"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "no-prefix-secret",
        "whsec_not base64!secret",
        VECTOR_SHARED + "!",
        "whsec_" + base64.b64encode(b"x" * 23).decode(),
        "whsec_" + base64.b64encode(b"x" * 65).decode(),
        "whsk_" + base64.b64encode(b"x" * 31).decode(),
        "whsk_" + base64.b64encode(b"x" * 64).decode(),
        VECTOR_PUBLIC,
    ],
)
def test_an_unusable_signing_key_is_a_configuration_error_that_hides_the_key(key: str) -> None:
    with pytest.raises(BadKey) as caught:
        sign("msg_1", VECTOR_TIME, b"{}", [key])
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("key", ["", "whpk_AAAA", "whpk_***", VECTOR_PRIVATE])
def test_an_unusable_verifying_key_is_a_configuration_error(key: str) -> None:
    headers = sign("msg_1", VECTOR_TIME, b"{}", [SHARED])
    with pytest.raises(BadKey):
        verify(headers, b"{}", [SHARED, key], VECTOR_TIME)


def test_signing_needs_a_key_an_id_and_a_zone() -> None:
    with pytest.raises(BadKey):
        sign("msg_1", VECTOR_TIME, b"{}", [])
    for message_id in ("", "with.stop", "x" * 129):
        with pytest.raises(ValueError, match="message id"):
            sign(message_id, VECTOR_TIME, b"{}", [SHARED])
    with pytest.raises(ValueError, match="time zone"):
        sign("msg_1", VECTOR_TIME.replace(tzinfo=None), b"{}", [SHARED])


def test_keys_may_lack_padding_and_private_keys_may_carry_their_public_half() -> None:
    bare = VECTOR_SHARED.rstrip("=")
    assert sign("m", VECTOR_TIME, b"", [bare]) == sign("m", VECTOR_TIME, b"", [VECTOR_SHARED])
    seed = base64.b64decode(VECTOR_PRIVATE.removeprefix("whsk_"))
    public = base64.b64decode(VECTOR_PUBLIC.removeprefix("whpk_"))
    both = "whsk_" + base64.b64encode(seed + public).decode().rstrip("=")
    assert sign("m", VECTOR_TIME, b"", [both]) == sign("m", VECTOR_TIME, b"", [VECTOR_PRIVATE])


def test_new_keys_differ_and_work() -> None:
    assert signatures.new_shared_key() != signatures.new_shared_key()
    private, public = signatures.new_key_pair()
    headers = sign("msg_1", VECTOR_TIME, b"{}", [private])
    assert verify(headers, b"{}", [public], VECTOR_TIME) == "msg_1"


def test_importing_this_module_loads_neither_openssl_bindings_nor_validators() -> None:
    """Cold starts pay for what is imported: a court with HMAC keys never needs `cryptography`."""
    script = (
        "import sys; before = set(sys.modules); import chalicelib.adapters.signatures;"
        "print(sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own interpreter and script
    assert not {"cryptography", "pydantic", "boto3", "urllib3", "standardwebhooks"} & set(loaded.split("'"))
