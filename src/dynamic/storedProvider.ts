/**
 * The dynamic provider as the state keeps it: source text, which the engine's provider process runs in the project's folder. It requires
 * the provider, which is a key of `exports` in package.json, so that the state holds no code that ages and a newer version takes over.
 * Where the package is missing, a lookup can still be deleted, because that touches nothing.
 *
 * Every state has a copy: keep it short, and its path as it is.
 */
export const storedProvider = `exports.handler = () => {
  try {
    return require("pulumi-outboundbot/dist/dynamic/provider.js");
  } catch (error) {
    const reason = "InstanceLookup cannot load pulumi-outboundbot: " + error.message.split("\\n")[0] +
      ". Install the package in this project. Without it the resource can only be deleted.";
    return {
      check: async () => ({ failures: [{ property: "", reason }] }),
      read: async () => { throw Object.assign(new Error(reason), { stack: "" }); },
      delete: async () => {},
    };
  }
};
`;
