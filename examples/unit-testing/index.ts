import { stack } from "./stack";

// Pulumi calls the exported function; its result becomes the stack's outputs.
export = stack;
