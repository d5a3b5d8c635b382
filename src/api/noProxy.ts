import { BlockList, isIP } from "node:net";

/** Returns whether a host is reached without a proxy. */
export type NoProxy = (url: URL) => boolean;

/**
 * Parses NO_PROXY like Go's `httpproxy`. Entries are names, which include their subdomains (`.example.com` and `*.example.com`
 * match subdomains only), IP addresses, CIDR ranges, and `*` for every host. All but CIDR ranges and `*` can end in a port to
 * match only that port.
 */
export function parseNoProxy(list: string): NoProxy {
  const rules = list
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "")
    .map(parseEntry);
  return (url) => {
    const host = withoutBrackets(url.hostname.toLowerCase()).replace(/\.$/, "");
    const port = url.port || (url.protocol === "https:" ? "443" : "80");
    return rules.some((matches) => matches(host, port));
  };
}

type Rule = (host: string, port: string) => boolean;

function parseEntry(entry: string): Rule {
  if (entry === "*") {
    return () => true;
  }
  const range = /^([\d.]+|[\da-f:.]+)\/(\d{1,3})$/.exec(entry);
  if (range !== null) {
    return rangeRule(range[1] ?? "", Number(range[2]));
  }
  // The colons of a bare IPv6 address don't separate a port.
  const [, name = entry, port] = isIP(entry) === 6 ? [] : (/^(.*?)(?::(\d+))?$/.exec(entry) ?? []);
  const rule = nameRule(withoutBrackets(name).replace(/\.$/, ""));
  return (host, hostPort) => (port === undefined || port === hostPort) && rule(host);
}

function rangeRule(network: string, prefix: number): Rule {
  const family = isIP(network);
  if (family === 0 || prefix > (family === 4 ? 32 : 128)) {
    return () => false;
  }
  const range = new BlockList();
  range.addSubnet(network, prefix, family === 4 ? "ipv4" : "ipv6");
  return (host) => isIP(host) === family && range.check(host, family === 4 ? "ipv4" : "ipv6");
}

function nameRule(name: string): (host: string) => boolean {
  const family = isIP(name);
  if (family !== 0) {
    const address = new BlockList();
    address.addAddress(name, family === 4 ? "ipv4" : "ipv6");
    return (host) => isIP(host) === family && address.check(host, family === 4 ? "ipv4" : "ipv6");
  }
  const below = name.replace(/^\*(?=\.)/, "");
  if (below.startsWith(".")) {
    return (host) => host.endsWith(below);
  }
  return (host) => host === name || host.endsWith(`.${name}`);
}

/** Returns the host of a URL without the brackets of an IPv6 address. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}
