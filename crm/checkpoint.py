"""Signed checkpoints: what the log was at one moment, in the text form that transparency logs share (C2SP
signed-note and tlog-checkpoint). A valid beginning of a log looks like a whole log, so only a checkpoint kept
elsewhere shows that its end was cut off; in this form witnesses and tools that already exist can keep and
check it.
"""

import re
from base64 import b64decode, b64encode
from hashlib import sha256

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from crm.errors import Refusal
from crm.merkle import HASH_SIZE

ED25519 = b"\x01"  # the signature type, as the signed-note specification numbers it
MOST_SIGNATURES = 100
SIZE = re.compile("0|[1-9][0-9]{0,18}")
KEY_NAME = re.compile(r"[^\s+]+")
UNWRITABLE = re.compile("[\x00-\x1f\ud800-\udfff]")


class Checkpoint(msgspec.Struct, frozen=True):
    """The log named `origin` had `size` events and this Merkle root (32 bytes); `extensions` are further
    signed lines that are carried as they are. Refusal if a part cannot be written as a line.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in (self.origin, *self.extensions):
            if not line or UNWRITABLE.search(line):
                raise Refusal(f"Each line of a checkpoint must be text without control characters, not {line!r}.")
        if not SIZE.fullmatch(str(self.size)) or len(self.root) != HASH_SIZE:
            raise Refusal("A checkpoint must have a size of 0 or more and a root hash of 32 bytes.")


def sign(checkpoint: Checkpoint, name: str, private_key: Ed25519PrivateKey) -> str:
    """The checkpoint as a signed note, to keep elsewhere. Refusal for a key name that cannot be written."""
    root = b64encode(checkpoint.root).decode()
    lines = (checkpoint.origin, str(checkpoint.size), root, *checkpoint.extensions)
    return sign_text("".join(f"{line}\n" for line in lines), name, private_key)


def open_note(text: str, name: str, public_key: Ed25519PublicKey) -> Checkpoint:
    """The checkpoint in a note, once that key is known to have signed it; signatures of others, such as
    witnesses, are passed over. Refusal if the note is malformed or the signature is missing or wrong. Which
    log it speaks of is for the caller to compare.
    """
    match open_text(text, name, public_key).split("\n")[:-1]:
        case [origin, size, root, *extensions] if SIZE.fullmatch(size):
            return Checkpoint(origin, int(size), _decoded(root), tuple(extensions))
    raise Refusal("This note is no checkpoint: it must begin with the name, the size and the root hash of a log.")


def sign_text(text: str, name: str, private_key: Ed25519PrivateKey) -> str:
    """Any text that ends with a newline as a signed note."""
    signature = _key_hash(name, private_key.public_key()) + private_key.sign(text.encode())
    return f"{text}\n— {name} {b64encode(signature).decode()}\n"


def open_text(note: str, name: str, public_key: Ed25519PublicKey) -> str:
    """The text of a note, once that key is known to have signed it; Refusals as for `open_note`."""
    text, signatures = _parted(note)
    key_hash = _key_hash(name, public_key)
    ours = [signature[4:] for signer, signature in signatures if (signer, signature[:4]) == (name, key_hash)]
    if not ours:
        raise Refusal(f"This note is not signed by {name}+{key_hash.hex()}; compare that with the key you keep.")
    try:
        for signature in ours:
            public_key.verify(signature, text.encode())
    except InvalidSignature:
        raise Refusal(f"The signature of {name} does not match this note: one of them was changed.") from None
    return text


def verifier_key(name: str, public_key: Ed25519PublicKey) -> str:
    """The public key as one line that others keep in order to check our notes: name+hash+key."""
    key = b64encode(ED25519 + public_key.public_bytes_raw()).decode()
    return f"{name}+{_key_hash(name, public_key).hex()}+{key}"


def read_verifier_key(text: str) -> tuple[str, Ed25519PublicKey]:
    """The name and the key in such a line; Refusal if anything in it is missing or does not fit the rest."""
    name, _, rest = text.partition("+")
    key = _decoded(rest.partition("+")[2])
    if key[:1] == ED25519 and len(key) == 33:
        public_key = Ed25519PublicKey.from_public_bytes(key[1:])
        if verifier_key(name, public_key) == text:
            return name, public_key
    raise Refusal("This is not a verifier key: copy the whole line, which reads name+8 hex digits+key.")


def _parted(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The signed text, and each signer's name with key hash and signature; the last empty line parts them."""
    text, _, tail = note.rpartition("\n\n")
    lines = tail.split("\n", MOST_SIGNATURES)
    signatures = [_signature(line) for line in lines[:-1]]
    if not text or not signatures or lines[-1] or UNWRITABLE.search(note.replace("\n", "")):
        raise Refusal("This is not a signed note: it must be text, an empty line, then lines of signatures.")
    return text + "\n", signatures


def _signature(line: str) -> tuple[str, bytes]:
    match line.split(" "):
        case ["—", name, signature] if KEY_NAME.fullmatch(name) and len(_decoded(signature)) > 4:
            return name, _decoded(signature)
    raise Refusal("A signature line of this note is malformed: it must read “— name signature”.")


def _key_hash(name: str, public_key: Ed25519PublicKey) -> bytes:
    """Four bytes that tell keys of one name apart; Refusal if the name cannot stand in a signature line."""
    if not KEY_NAME.fullmatch(name) or UNWRITABLE.search(name):
        raise Refusal(f"The name of a key must have no spaces, plus signs or control characters, not {name!r}.")
    return sha256(name.encode() + b"\n" + ED25519 + public_key.public_bytes_raw()).digest()[:4]


def _decoded(base64: str) -> bytes:
    """The bytes of properly spelt base64; of anything else none, as no valid field here is empty."""
    try:
        decoded = b64decode(base64, validate=True)
    except ValueError:
        return b""
    return decoded if b64encode(decoded).decode() == base64 else b""
