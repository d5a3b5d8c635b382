import type { ProxySettings, TransportSettings } from "../api/transport.js";
import { SettingsError } from "../errors/errors.js";
import type { Setting } from "./credentialSettings.js";
import type { SettingsReader } from "./reading.js";

/** Proxies and trust. The variables of a proxy are written in lower case by some tools, which then go before. */
export function resolveTransport(reader: SettingsReader): TransportSettings {
  return {
    proxy: resolveProxy(reader),
    caFile: reader.first("caFile"),
    extraCaFile: reader.variable("NODE_EXTRA_CA_CERTS")?.value,
  };
}

function resolveProxy(reader: SettingsReader): ProxySettings | undefined {
  const http = reader.variable("http_proxy", "HTTP_PROXY");
  const https = reader.variable("https_proxy", "HTTPS_PROXY");
  if (http === undefined && https === undefined) {
    return undefined;
  }
  return {
    http: http === undefined ? undefined : proxyUrl(http),
    https: https === undefined ? undefined : proxyUrl(https),
    noProxy: reader.variable("no_proxy", "NO_PROXY")?.value ?? "",
  };
}

/** A proxy is also written as `host:port`. Its value may hold a password, so no error shows it. */
function proxyUrl({ value, source }: Setting): string {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new SettingsError(
      "InvalidSetting",
      `The ${source} takes the URL of a proxy: http://host:port or https://host:port.`,
    );
  }
  return url.href;
}
