"""What a file is called that nobody named: mlp.pdf, mlp-backward.pptx, mlp-backward-12.svg."""

from __future__ import annotations

from .job import Job


def file_name(job: Job, format: str) -> str:
    """A name that says which steps are in the file; no part of it comes from the text of a scenario."""
    return f"{job.scenario.name}{_steps(job)}.{format}"


def _steps(job: Job) -> str:
    steps, last, turn = job.steps, job.picture.steps, job.picture.first_backward
    if len(steps) == 1:
        return f"-{job.picture.phase(steps[0])}-{steps[0]:02d}"
    for name, part in (("", range(last + 1)), ("-forward", range(turn)), ("-backward", range(turn, last + 1))):
        if steps == tuple(part):
            return name
    if steps == tuple(range(steps[0], steps[-1] + 1)):
        return f"-{steps[0]:02d}-{steps[-1]:02d}"
    return "-steps"
