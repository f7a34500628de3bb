"""Run a program on uvloop, which need not be installed beside it: ``on_uvloop.py FOLDER PROGRAM ARGUMENTS``."""

import asyncio
import runpy
import sys

_, folder, program, *arguments = sys.argv
sys.path.append(folder)
sys.argv = [program, *arguments]

import uvloop  # noqa: E402 - it is found once its folder is named

asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
if program.endswith(".py"):
    runpy.run_path(program, run_name="__main__")
else:
    runpy.run_module(program, run_name="__main__", alter_sys=True)
