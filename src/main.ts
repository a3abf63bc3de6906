#!/usr/bin/env node
/** The binary. */
import { keepCompiledCode, keepHeapSmall } from "./kernel/util/v8.ts";

keepHeapSmall();
// Whatever is made from here on, by us or by a library, is its owner's alone: nearly all of it holds memories.
process.umask(0o077);
// It works for what is imported afterwards, hence the import in the middle of this file.
keepCompiledCode();
const { runProcess } = await import("./cli/process/run-process.ts");
process.exitCode = await runProcess(process.argv.slice(2));
