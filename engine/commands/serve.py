"""`serve`: web and worker in one process, until Ctrl+C."""

from __future__ import annotations

import argparse
import errno
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import waitress

from engine.commands.kit import Commands, Context, House
from engine.commands.settings import Settings, SettingsError
from engine.model.text import Text

THREADS = 8
MOST_THREADS = 256
# Kept on disk while it comes in, before anyone knows who sends it. More than pages take (16 MB), so that the usual overstep
# is answered by them, in the reader's words.
MOST_BYTES = 32 * 1024 * 1024
MOST_HEADERS = 64 * 1024


def serve(context: Context, arguments: argparse.Namespace) -> int:
    """Open the house and let people in."""
    settings = replace(
        context.settings, host=arguments.host or context.settings.host, port=arguments.port or context.settings.port
    )
    context = replace(context, settings=settings)
    with context.kit.open(settings) as house:
        return run_house(context, house, lambda: welcome(context, house), threads=arguments.workers)


def run_house(context: Context, house: House, ready: Callable[[], None], *, threads: int = THREADS) -> int:
    """Listen, start the worker, say so, and serve until stopped."""
    settings = context.settings
    server = listen(settings, context.kit.web(house), threads=threads)
    with context.kit.work(house):
        ready()
        try:
            server.run()
        except KeyboardInterrupt:
            context.console.talk(Text("已停止", "Stopped"))
        finally:
            server.close()
    return 0


def listen(settings: Settings, web: Any, *, threads: int = THREADS) -> Any:
    """waitress with a WSGI application, listening but not yet serving. Raises SettingsError when the address cannot be had.

    No proxy is trusted: what a client writes into `Forwarded` or `X-Forwarded-…` is dropped before anybody reads it, so the
    address in the journal is the one that the connection came from."""
    try:
        return waitress.create_server(
            web,
            host=settings.host,
            port=settings.port,
            threads=threads,
            ident=None,
            expose_tracebacks=False,
            max_request_body_size=MOST_BYTES,
            max_request_header_size=MOST_HEADERS,
            trusted_proxy=None,
            clear_untrusted_proxy_headers=True,
        )
    except OSError as error:
        raise _cannot_listen(settings.address, settings.port, error) from error


def _cannot_listen(address: str, port: int, error: OSError) -> SettingsError:
    if error.errno == errno.EADDRINUSE:
        text = Text(
            "端口 {port} 已被占用。换一个：--port {other} 或 DAJIAN_PORT={other}",
            "Port {port} is in use. Choose another: --port {other} or DAJIAN_PORT={other}",
        )
        return SettingsError(text.fill(port=port, other=port + 1 if port < 65535 else 8000))
    text = Text(
        "打不开 {address}：{why}。请检查 DAJIAN_HOST、DAJIAN_PORT",
        "Cannot open {address}: {why}. Check DAJIAN_HOST and DAJIAN_PORT",
    )
    return SettingsError(text.fill(address=address, why=error.strerror or error))


def welcome(context: Context, house: House) -> None:
    """The address; and as long as no owner has a password, a link with which to set one."""
    context.console.talk(Text("搭建已启动：{address}", "Dajian is running: {address}").fill(address=context.settings.address))
    owners = [user for user in house.people.users() if user.owner and not user.frozen]
    if any(owner.has_password for owner in owners):
        return
    owner = owners[0] if owners else house.people.add_user("owner", title="", owner=True)
    context.console.talk(
        Text(
            "第一次登录（设置所有者 {name} 的密码，24 小时内有效）：",
            "First login (sets the password of {name}, good for 24 hours):",
        ).fill(name=owner.name)
    )
    context.console.talk(f"{context.settings.address}/first/{house.people.first_code(owner)}")


def add(commands: Commands) -> None:
    """Hang this group's commands in."""
    serving = commands.add_parser("serve", help="web and worker in one process")
    serving.add_argument("--host", help="address to listen on (default: DAJIAN_HOST)")
    serving.add_argument("--port", type=port, help="port to listen on (default: DAJIAN_PORT)")
    serving.add_argument(
        "--workers", type=workers, default=THREADS, metavar="N", help=f"threads for requests (default: {THREADS})"
    )
    serving.set_defaults(run=serve)


def workers(text: str) -> int:
    """A number of threads, for argparse."""
    number = int(text)
    if not 0 < number <= MOST_THREADS:
        raise argparse.ArgumentTypeError(f"{text} is not a number of threads (1 to {MOST_THREADS})")
    return number


def port(text: str) -> int:
    """A port number, for argparse."""
    number = int(text)
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError(f"{text} is not a port (1 to 65535)")
    return number
