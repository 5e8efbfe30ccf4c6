"""New files put into place all at once: a folder of them, or an archive. Whoever is interrupted leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

from server.reading import Unreadable
from server.writing import write_atomically


def check_folder(folder: str, *, force: bool) -> None:
    """Raises `Unreadable` where new files must not be put there."""
    _check_parent(folder)
    if not os.path.lexists(folder):
        return
    if not os.path.isdir(folder):
        raise Unreadable(folder, "is a file, not a folder")
    if os.listdir(folder) and not force:
        raise Unreadable(folder, "exists already and is not empty; name another folder, or say --force")


def check_file(path: str, *, force: bool) -> None:
    """Raises `Unreadable` where a new file must not be put there."""
    _check_parent(path)
    if os.path.isdir(path):
        raise Unreadable(path, "is a folder, not a file")
    if os.path.lexists(path) and not force:
        raise Unreadable(path, "exists already; name another file, or say --force")


def _check_parent(path: str) -> None:
    parent = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(parent):
        raise Unreadable(path, f"cannot be written: there is no folder {parent}")


def place_folder(folder: str, files: Mapping[str, bytes], *, force: bool) -> None:
    """The folder appears with all its files; with `force` files of the same names are replaced. Raises `Unreadable`."""
    check_folder(folder, force=force)
    target = os.path.abspath(folder)
    try:
        beside = tempfile.mkdtemp(prefix=".maimod-", dir=os.path.dirname(target))
        try:
            for name, data in files.items():
                with open(os.path.join(beside, name), "wb") as file:
                    file.write(data)
            # A folder made for nobody else to see is given the usual rights.
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(beside, 0o777 & ~mask)
            if os.path.isdir(target):
                _swap(beside, target, list(files))
            else:
                os.rename(beside, target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as trouble:
        raise Unreadable(folder, f"cannot be written ({trouble.strerror or trouble})") from None


def _swap(beside: str, target: str, names: Sequence[str]) -> None:
    """Puts all of the files into the folder, or where one of them cannot be, such as a song that plays, none."""
    aside = tempfile.mkdtemp(prefix=".maimod-", dir=os.path.dirname(target))
    begun: list[str] = []
    try:
        for name in names:
            begun.append(name)
            if os.path.lexists(os.path.join(target, name)):
                os.replace(os.path.join(target, name), os.path.join(aside, name))
            os.replace(os.path.join(beside, name), os.path.join(target, name))
    except BaseException:
        for name in begun:
            if os.path.lexists(os.path.join(aside, name)):
                os.replace(os.path.join(aside, name), os.path.join(target, name))
            elif not os.path.lexists(os.path.join(beside, name)):
                os.unlink(os.path.join(target, name))
        os.rmdir(aside)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def place_archive(path: str, files: Mapping[str, bytes], *, force: bool) -> None:
    """An `.osz` with these files. Raises `Unreadable`."""
    check_file(path, force=force)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            # Songs and pictures are packed already.
            kind = zipfile.ZIP_DEFLATED if name.endswith(".osu") else zipfile.ZIP_STORED
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, kind)
    try:
        write_atomically(path, packed.getvalue())
    except OSError as trouble:
        raise Unreadable(path, f"cannot be written ({trouble.strerror or trouble})") from None
