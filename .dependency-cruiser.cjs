// The folders of src/ that each folder may import from, besides itself.
const rooms = {
  common: [],
  errors: ["common"],
  settings: ["common", "errors"],
  limiter: ["common"],
  paging: ["common", "errors"],
  api: ["common", "errors", "settings", "limiter"],
  lists: ["common", "errors", "settings", "api", "paging"],
  signIn: ["common", "errors", "settings", "api"],
  lookup: ["common", "errors", "settings", "limiter", "paging", "api", "lists", "signIn"],
  resource: ["common", "errors", "settings", "lists", "lookup"],
  dynamic: ["common", "lookup", "resource"],
  plugin: ["common", "errors", "settings", "lookup", "resource", "paging"],
  pulumi: ["common", "errors", "settings", "lists", "lookup", "resource", "dynamic"],
  emulator: [],
};

/** The packages that only some folders may import. */
const packages = {
  "@alicloud/": ["api"],
  "@opentelemetry/": ["lookup", "plugin"],
  "@grpc/|google-protobuf": ["plugin", "pulumi"],
  "@pulumi/": ["dynamic", "plugin", "pulumi"],
};

const among = (names) => `^src/(${names.join("|")})/`;

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, imports]) => ({
      name: `${room}-imports`,
      severity: "error",
      from: { path: `^src/${room}/` },
      to: { path: "^src/", pathNot: among([room, ...imports]) },
    })),
    ...Object.entries(packages).map(([name, allowed]) => ({
      name: `only-${allowed.join("-")}-import-${name}`,
      severity: "error",
      from: { path: "^src/", pathNot: among(allowed) },
      to: { path: `node_modules/(${name})` },
    })),
    {
      name: "only-api-knows-http",
      severity: "error",
      from: { path: "^src/", pathNot: among(["api", "emulator"]) },
      to: { path: "^(undici|node:)?(https?|tls|undici)$|node_modules/undici/" },
    },
    { name: "no-cycle", severity: "error", from: { path: "^src/" }, to: { circular: true } },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: [".ts", ".js", ".json"] },
  },
};
