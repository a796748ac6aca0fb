"""Chunked bodies, as other tools keep them: the chunks taken off.

Source: RFC 9112, section 7.1.
"""

from archive.errors import IntegrityError


def without_chunks(body: bytes) -> bytes:
    """The body that was sent in chunks; trailers are left out.

    Raises:
        IntegrityError: it is not whole, or was not sent in chunks.
    """
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\n", at)
        word = body[at:end].split(b";")[0].strip() if end >= 0 else b""
        try:
            size = int(word, 16) if word.isalnum() else -1
        except ValueError:
            size = -1
        if size < 0 or end + 1 + size > len(body):
            raise IntegrityError(
                f"The chunks of a body end at byte {at}. Look at the tool that wrote it."
            )
        if size == 0:
            return b"".join(parts)
        parts.append(body[end + 1 : end + 1 + size])
        at = end + 1 + size
        at += 2 if body[at : at + 2] == b"\r\n" else 1
