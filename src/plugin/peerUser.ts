import { readFileSync } from "node:fs";

/**
 * Returns whether another user of this machine opened a connection to a port of 127.0.0.1. Linux lists the owner of each
 * connection. Where the list isn't available, the answer is `false`.
 */
export function isOtherUser(peerPort = 0, ownPort = 0): boolean {
  try {
    return isOthers(readFileSync("/proc/net/tcp", "latin1"), peerPort, ownPort, process.getuid?.());
  } catch {
    return false;
  }
}

/** Evaluates the list of connections: only an open connection of the same user is the user's own. */
export function isOthers(list: string, peerPort: number, ownPort: number, user: number | undefined): boolean {
  const [peer, own] = [peerPort, ownPort].map(
    (port) => `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`,
  );
  // Some systems have an empty list. A usable one contains the plugin's own port.
  const isUsable = list.includes(`${own} 00000000:0000 0A`);
  const [, owner] = new RegExp(`${peer} ${own} 01 \\S+ \\S+ \\S+ +(\\d+) `).exec(list) ?? [];
  return isUsable && owner !== String(user);
}
