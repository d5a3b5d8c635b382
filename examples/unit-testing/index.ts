import { stack } from "./stack";

// Pulumi calls an exported function; what its promise gives are the stack's outputs.
export = stack;
