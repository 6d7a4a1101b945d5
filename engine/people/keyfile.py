"""The key that seals secrets: one file, mode 600, made on first start. Without the right key nothing starts, since
secrets sealed under another key would be lost in silence."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.fernet import Fernet

from engine.model.text import Text


class KeyProblem(Exception):
    """Why the house does not start; `text` says what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def open_key(path: Path) -> Fernet:
    """The key in the file; a new one when there is no file. Raises KeyProblem when others can read it or it is no key."""
    try:
        _make(path)
        mode = path.stat().st_mode
        content = path.read_bytes().strip()
    except OSError as error:
        raise KeyProblem(_UNREADABLE.fill(file=path, reason=error.strerror or error)) from error
    if mode & 0o077:
        raise KeyProblem(_OPEN.fill(file=path))
    try:
        return Fernet(content)
    except ValueError as error:
        raise KeyProblem(_NO_KEY.fill(file=path)) from error


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key() + b"\n")


_UNREADABLE = Text(
    "打不开密钥文件 {file}（{reason}）。请检查 DAJIAN_KEY_FILE 和文件权限",
    "Cannot open the key file {file} ({reason}). Check DAJIAN_KEY_FILE and the file's rights",
)
_OPEN = Text(
    "密钥文件 {file} 别人也能读。请执行 chmod 600 {file} 再启动",
    "Others can read the key file {file}. Run chmod 600 {file} and start again",
)
_NO_KEY = Text(
    "{file} 不是密钥文件。请恢复原来的文件，或检查 DAJIAN_KEY_FILE",
    "{file} holds no key. Restore the original file, or check DAJIAN_KEY_FILE",
)
