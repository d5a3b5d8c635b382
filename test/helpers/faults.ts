import type { Fault } from "../../src/emulator/index.js";

// Faults of the emulator that many tests inject. Add first, every, calls or page to limit them to some calls.
export const throttled: Fault = { kind: "error", code: "Throttling.User" };
export const unavailable: Fault = { kind: "error", code: "ServiceUnavailable" };
export const forbidden: Fault = { kind: "error", code: "Forbidden.RAM" };
export const redirect: Fault = { kind: "response", status: 302, headers: { location: "/elsewhere" } };
export const errorPage: Fault = {
  kind: "response",
  status: 502,
  headers: { "content-type": "text/html;charset=utf-8" },
  body: "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>",
};
