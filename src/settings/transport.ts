import { invalid, type Setting, type SettingsReader } from "./reading.js";

/** The proxy for `https` URLs. */
export interface ProxySettings {
  readonly url: string;
  /** The hosts that are reached without the proxy, in the format of NO_PROXY. */
  readonly noProxy: string;
}

/** The proxies and the trusted certificates. */
export interface TransportSettings {
  /** The proxy; absent when every host is reached directly. */
  readonly proxy: ProxySettings | undefined;
  /** A PEM file of certificates that are trusted in addition to those built into Node.js. */
  readonly caFile: Setting | undefined;
  /** The file of NODE_EXTRA_CA_CERTS, which Node ignores once `caFile` is given. */
  readonly extraCaFile: string | undefined;
}

/** Resolves proxies and trusted certificates. The lowercase variable of a proxy takes precedence over the uppercase one. */
export function resolveTransport(reader: SettingsReader): TransportSettings {
  return {
    proxy: resolveProxy(reader),
    caFile: reader.first("caFile"),
    extraCaFile: reader.variable("NODE_EXTRA_CA_CERTS")?.value,
  };
}

function resolveProxy(reader: SettingsReader): ProxySettings | undefined {
  const proxy = reader.variable("https_proxy", "HTTPS_PROXY") ?? reader.variable("http_proxy", "HTTP_PROXY");
  return proxy === undefined
    ? undefined
    : { url: proxyUrl(proxy), noProxy: reader.variable("no_proxy", "NO_PROXY")?.value ?? "" };
}

/** Parses a proxy, which may be given as `host:port`. Its value may hold a password, so no error shows it. */
function proxyUrl(setting: Setting): string {
  const { value } = setting;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw invalid(setting, "a proxy URL such as http://host:port or https://host:port");
  }
  return url.href;
}
