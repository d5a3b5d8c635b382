/**
 * The dynamic provider as stored in the state: source code that the engine's provider process runs in the project folder.
 *
 * It requires the provider from a path that package.json exports, so that the state holds no code that becomes outdated and a
 * newer version takes effect. Without the package, a lookup can still be deleted, because that needs no provider.
 *
 * Every state has a copy: keep it short, and never change its path.
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
