/// <reference path="./.sst/platform/config.d.ts" />

// What is deployed is described in packages/functions/src/deployment.ts, and put together in stacks/.
export default $config({
  app({ stage }) {
    const isKept = /^production\b/.test(stage);
    return {
      name: "gonogo",
      home: "aws",
      removal: isKept ? "retain" : "remove",
      protect: isKept,
      providers: { aws: { defaultTags: { tags: { gonogo: stage } } } },
    };
  },
  async run() {
    const { deploy } = await import("./stacks/deploy.ts");
    return await deploy();
  },
});
