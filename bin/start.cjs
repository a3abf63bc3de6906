"use strict";

// A file of its own: older versions of Node do not read a file that holds an import.
import("../dist/main.js");
