"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from ..errors import N_, ExportError, message


def write(path: Path, content: bytes) -> None:
    """Write `content` to `path`, replacing a file that is there. Nobody ever sees a half-written file.

    Raises ExportError where the path is a directory, or can not be written to.
    """
    # A link is written through, as every editor does; the file it points to is replaced, not the link.
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise ExportError(message(N_("{path} is a folder: name a file in it"), path=path))
    if target.exists() and not target.is_file():
        # /dev/stdout, a pipe: there is nothing to replace.
        try:
            target.write_bytes(content)
        except OSError as e:
            raise _refused(path, e) from None
        return
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name[:40]}.", delete=False) as f:
            temporary = f.name
            f.write(content)
            f.flush()
            os.fsync(f.fileno())
        os.chmod(temporary, _permissions(target))
        os.replace(temporary, target)
    except BaseException as e:  # an interruption by the keyboard, too, leaves nothing behind
        if temporary:
            with suppress(OSError):
                os.unlink(temporary)
        if isinstance(e, OSError):
            raise _refused(path, e) from None
        raise


def _permissions(target: Path) -> int:
    """What the file had, or what a new file gets: a temporary file is readable by its owner alone."""
    if target.exists():
        return target.stat().st_mode & 0o777
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask


def _refused(path: Path, e: OSError) -> ExportError:
    return ExportError(message(N_("{path} can not be written: {why}"), path=path, why=e.strerror or type(e).__name__))
