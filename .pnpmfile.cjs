/** `@xstate/inspect` is of XState v4, and asks its surroundings for one; here everything else is of v5, so it brings its own. */
function readPackage(manifest) {
  if (manifest.name === '@xstate/inspect') {
    manifest.dependencies = { ...manifest.dependencies, xstate: manifest.peerDependencies.xstate };
    delete manifest.peerDependencies.xstate;
  }
  return manifest;
}

module.exports = { hooks: { readPackage } };
