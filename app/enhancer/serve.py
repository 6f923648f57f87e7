"""The process of the enhanced view: `main.py enhancer-process`, started by the tower and by nobody else.

It reads questions from its standard input and answers on its standard output (`app/enhancer/wire.py`); what it has to
say to people goes to the standard error.  It ends when its input ends, so it never outlives the tower.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import IO

from app.enhancer.options import add_arguments, settings_of
from app.enhancer.wire import ENHANCED, GRABBED, Message, SharedPictures, receive, send, told
from vision.enhance import Enhancer
from vision.frames import Frame
from vision.opencv import cv2
from vision.runtime import load
from vision.settings import Settings, WeightsError

__all__ = ["add_arguments", "run"]

OK = 0


def run(args: argparse.Namespace) -> int:
    """Answer until the tower has gone."""
    # Answers go to a pipe of their own: what a library prints must not come between them.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    cv2.setNumThreads(1)  # the enhanced view shares its work out itself
    pictures = SharedPictures(args.pictures)
    pictures.unlink()
    try:
        _serve(sys.stdin.buffer, answers, args.models, settings_of(args), pictures)
    except BrokenPipeError:
        pass  # the tower has gone before it heard the answer
    finally:
        pictures.close()
    return OK


def _serve(
    questions: IO[bytes], answers: IO[bytes], models: Path, settings: Settings, pictures: SharedPictures
) -> None:
    first = receive(questions)
    if first is None:
        return
    try:
        enhancer = Enhancer(load(models), settings)
        enhancer.warm_up(first["width"], first["height"])
    except WeightsError as error:
        send(answers, {"unusable": str(error)})
        return
    try:
        send(answers, {"ready": True})
        while (question := receive(questions)) is not None:
            try:
                answer = _answer(enhancer, question, pictures)
            except Exception as error:  # the tower shows the frame raw, says why, and asks for the next one
                answer = {"error": f"{type(error).__name__}: {error}"}
            send(answers, answer)
    finally:
        enhancer.close()


def _answer(enhancer: Enhancer, question: Message, pictures: SharedPictures) -> Message:
    pictures.hold(question["slot"])
    shape = tuple(question["shape"])
    image = pictures.picture(GRABBED, shape)
    image.flags.writeable = False
    if question["anew"]:
        enhancer.reset()
    if question["exposure_share"] != enhancer.settings.exposure_share:
        enhancer.set_exposure_share(question["exposure_share"])
    result = enhancer.process(Frame(question["frame"], question["captured_s"], image))
    if result.image is not image:
        pictures.picture(ENHANCED, shape)[:] = result.image
    return told(result)
