import { RedactedError } from "./redact.js";

/** A text that a parser rejects. Unlike the messages of many parsers, this one doesn't repeat the text. */
export class InvalidText extends RedactedError {
  /** The line of the problem, from 1. */
  readonly line: number;

  constructor(line: number, problem: string) {
    super(problem);
    this.line = line;
  }
}
