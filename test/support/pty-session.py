"""Runs a command on a terminal of its own: reads what to type from stdin, a JSON line each, and writes what the terminal shows to stdout.

{"type": "text"} types, {"columns": n} resizes. The end of stdin closes nothing: the session ends with its command, whose exit code it has.
"""
import fcntl, json, os, pty, select, struct, sys, termios

columns, command = int(sys.argv[1]), sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)


def resize(width):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))


resize(columns)
inputs, waiting = [terminal, 0], b""
while terminal in inputs:
    for ready in select.select(inputs, [], [])[0]:
        try:
            data = os.read(ready, 65536)
        except OSError:
            data = b""
        if not data:
            inputs.remove(ready)
        elif ready == terminal:
            os.write(1, data)
        else:
            *lines, waiting = (waiting + data).split(b"\n")
            for line in lines:
                order = json.loads(line)
                if "type" in order:
                    os.write(terminal, order["type"].encode())
                else:
                    resize(order["columns"])
status = os.waitpid(child, 0)[1]
sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
