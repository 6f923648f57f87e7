"""The commands of `main.py` and their exit codes: 0 well, 1 failed, 2 bad usage or configuration."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from app import __version__, paths
from app.arguments import output_file, positive_seconds, size
from app.config import Config, ConfigError, demo_config, load_config
from app.display import NO_SCREEN, has_display, has_person

OK, FAILED, USAGE = 0, 1, 2

# name -> (module, function adding arguments, function running it, help).  Imported only when asked for:
# `simulate` must not wait for torch, nor `train` for Qt.
COMMANDS: dict[str, tuple[str, str, str, str]] = {
    "simulate": (
        "hardware.simulator.server",
        "add_arguments",
        "run_from_args",
        "run the simulated modules as a process of their own",
    ),
    "enhancer-process": ("app.enhancer.serve", "add_arguments", "run", "the enhanced view of a tower; started by it"),
    "enhance": ("app.enhance_command", "add_arguments", "run", "enhance a film or a folder of pictures"),
    "setup": ("app.setup.command", "add_arguments", "run", "choose port, camera, screen and folder, and try them"),
    "doctor": ("app.doctor", "add_arguments", "run", "check this machine and say what to do"),
    "alarms": ("app.alarms.command", "add_arguments", "run", "print the alarm log"),
    "access": ("app.access_command", "add_arguments", "run", "set the codes of service and administration"),
    "conformance": ("app.conformance_command", "add_arguments", "run", "examine a slave by docs/protocol.md"),
    "gallery": ("app.gallery_command", "add_arguments", "run", "look at every state of the screen, with fake data"),
    "bench": ("app.bench.command", "add_arguments", "run", "measure"),
    "train": ("vision.training.cli", "add_train_arguments", "run_train", "train a net"),
    "library": (
        "app.library_command",
        "add_arguments",
        "run",
        "the standard pictures of each region: build, list, check",
    ),
    "evaluate": ("vision.evaluation.cli", "add_arguments", "run", "score the trained nets, or look at a film"),
}


def _run_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py",
        description="Limpid: the software of an integrated laparoscopy tower.",
        epilog="commands: "
        + "; ".join(f"{name} ({text})" for name, (_, _, _, text) in COMMANDS.items())
        + ".  `main.py COMMAND --help` tells more.  Exit codes: 0 well, 1 failed, 2 bad usage or configuration.",
        allow_abbrev=False,
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--config", type=Path, metavar="FILE", help="run the tower that this configuration describes")
    mode.add_argument("--demo", action="store_true", help="run a tower on simulated modules (marked SIMULATION)")
    parser.add_argument(
        "--video", metavar="SOURCE", help="camera device, film, folder of pictures, network URL, or phantom"
    )
    parser.add_argument("--seconds", type=positive_seconds, metavar="N", help="end the run after N seconds")
    parser.add_argument("--screenshot", type=output_file, metavar="FILE", help="save the window as a PNG at the end")
    parser.add_argument("--report", type=output_file, metavar="FILE.json", help="write what the run was like, as JSON")
    parser.add_argument("--size", type=size, metavar="WxH", help="size of the window (default: fit the screen)")
    parser.add_argument(
        "--at-rest",
        action="store_true",
        help="with --demo: leave light in standby and gas off (else both are started for the demonstration)",
    )
    parser.add_argument(
        "--scenario",
        metavar="FILE|NAME",
        help="with --demo: what happens to patient and modules over time (docs/simulator.md)",
    )
    parser.add_argument("--version", action="version", version=f"limpid {__version__}")
    return parser


def _run_tower(arguments: Sequence[str]) -> int:
    parser = _run_parser()
    args = parser.parse_args(arguments)
    own = args.config is None and not args.demo
    if own and not _may_use_own(args):
        parser.error(
            "nothing to run: give --config FILE for a tower with real modules, or --demo for one with simulated"
            " modules.  Simulation is never chosen by itself.  On a screen, main.py without options opens the set-up"
        )
    if args.at_rest and not args.demo:
        parser.error("--at-rest belongs to --demo: a configured tower always starts at rest")
    if args.scenario is not None:
        if not args.demo:
            parser.error("--scenario belongs to --demo: nothing is played on real modules")
        scenario = importlib.import_module("hardware.simulator.scenario")
        try:
            scenario.load_scenario(args.scenario)
        except scenario.ScenarioError as error:
            print(f"main.py: {error}", file=sys.stderr)
            return USAGE
    if own:
        path = paths.user_config()
        config = (
            load_config(path) if _unattended(args) else importlib.import_module("app.setup.command").first_start(path)
        )
        if config is None:
            return OK
        config = _with_video(config, args.video)
    else:
        config = _config(args)
    if not has_display():  # said before the nets' libraries are loaded, which takes seconds
        print(f"main.py: {NO_SCREEN}", file=sys.stderr)
        return FAILED
    run = importlib.import_module("app.run")
    options = run.RunOptions(
        demo=args.demo,
        seconds=args.seconds,
        screenshot=args.screenshot,
        report=args.report,
        size=args.size,
        autostart=args.demo and not args.at_rest,
        scenario=args.scenario,
        started_s=importlib.import_module("app.started").process_started_s(),
    )
    exit_code = int(run.run_tower(config, options).exit_code)
    threads = importlib.import_module("app.threads")
    if threads.any_left():
        threads.leave(exit_code)
    return exit_code


def _config(args: argparse.Namespace) -> Config:
    """The configuration that the options name.  Raises `ConfigError`."""
    if args.config is None:
        return demo_config(args.video)
    return _with_video(load_config(args.config), args.video)


def _may_use_own(args: argparse.Namespace) -> bool:
    """True where `main.py` alone has something to run: a person's own configuration, or a person to ask for one."""
    return has_person() and (not _unattended(args) or paths.user_config().exists())


def _unattended(args: argparse.Namespace) -> bool:
    return args.seconds is not None or args.report is not None or args.screenshot is not None


def _with_video(config: Config, video: str | None) -> Config:
    """The configuration with another source, where one was named."""
    if video is None:
        return config
    # The configured frame rate was meant for the configured source.
    return config.model_copy(update={"video": config.video.model_copy(update={"source": video, "frame_rate": None})})


def _run_command(name: str, arguments: Sequence[str]) -> int:
    module_name, add_arguments, run, description = COMMANDS[name]
    module = importlib.import_module(module_name)
    parser = argparse.ArgumentParser(prog=f"main.py {name}", description=description, allow_abbrev=False)
    getattr(module, add_arguments)(parser)
    return int(getattr(module, run)(parser.parse_args(arguments)))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (default: the process's own) and return the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments and arguments[0] in COMMANDS:
            return _run_command(arguments[0], arguments[1:])
        if arguments and not arguments[0].startswith("-"):
            print(
                f"main.py: unknown command {arguments[0]!r}; there are {', '.join(COMMANDS)};"
                " to run a tower: --demo or --config FILE",
                file=sys.stderr,
            )
            return USAGE
        return _run_tower(arguments)
    except ConfigError as error:
        print(f"main.py: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("main.py: interrupted", file=sys.stderr)
        return FAILED
