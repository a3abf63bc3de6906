#!/usr/bin/env node
/*
 * The installed command. It looks at the version of Node before anything newer is read, hence in a language that every Node reads:
 * an older one would die of the first file with a SyntaxError, and nobody would know why.
 */
"use strict";

var oldestMajor = 24;

function refuse() {
  var running = process.version + " (" + process.execPath + ")";
  process.stderr.write(
    "NODE_TOO_OLD: memory-connector needs Node " +
      (oldestMajor + " or newer, this is " + running) +
      (" · install Node " + oldestMajor + ", or put it first in PATH\n")
  );
  process.exitCode = 2;
}

/* The kernel ends process 1, as which a container runs us, by no signal that it does not listen to; and the program begins to later. */
function leave() {
  if (process.listenerCount("SIGTERM") === 0) process.exit(143);
}

if (process.pid === 1) process.once("SIGTERM", leave);
if (parseInt(process.versions.node, 10) >= oldestMajor) require("./start.cjs");
else refuse();
