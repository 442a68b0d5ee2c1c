"""The kinds of files: what each is called, what it holds, and its writer, which is imported when it is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from ..errors import N_, ExportError, message

if TYPE_CHECKING:
    from .job import Job


@dataclass(frozen=True)
class Format:
    """A kind of file: its writer, whether it holds one step ("last" where none is named) or many ("all"), its name in words.

    `choices` are the options that matter to it; by default those that name it and those that name no format.
    """

    render: Callable[[Job], bytes]
    many: bool
    label: str
    choices: tuple[str, ...] | None = None


def _writer(module: str) -> Callable[[Job], bytes]:
    """`render` of a module of this folder, imported when it is first needed: typesetting takes a while to import."""

    def render(job: Job) -> bytes:
        return import_module(f".{module}", __package__).render(job)

    return render


FORMATS: dict[str, Format] = {
    "svg": Format(_writer("svg"), False, N_("SVG: one picture, sharp at any size")),
    "png": Format(_writer("png"), False, N_("PNG: one picture of pixels")),
    "pdf": Format(_writer("pdf"), True, N_("PDF: slides")),
    "pptx": Format(_writer("pptx"), True, N_("PowerPoint: slides with shapes to edit")),
    "gif": Format(_writer("gif"), True, N_("GIF: an animation")),
    "webp": Format(_writer("webp"), True, N_("WebP: an animation")),
    "zip": Format(_writer("zip"), True, N_("ZIP: numbered pictures")),
    "tikz": Format(_writer("tikz"), True, N_("TikZ: LaTeX, a Beamer overlay a step")),
    "dot": Format(_writer("dot"), False, N_("DOT: for Graphviz")),
    "html": Format(_writer("html"), True, N_("HTML: the player, offline"), choices=("lang", "theme")),
}
"""The kinds of files by their endings."""


def known(format: str) -> str:
    """The format, which is one of `FORMATS`. Raises ExportError for one that is not."""
    if format not in FORMATS:
        raise ExportError(
            message(N_("there is no export to {format}"), format=format[:20] or message(N_("a file with no ending"))),
            expected=message(N_("a name that ends in {endings}"), endings=", ".join(f".{f}" for f in FORMATS)),
        )
    return format
