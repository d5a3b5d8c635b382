// What an engine runs that starts the plugin through its Node.js host.
require("../dist/plugin/cli.js");
