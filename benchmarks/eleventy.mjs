// Has eleventy-img make files of pictures, with its defaults, and says what that took.
import { readFileSync } from "node:fs";
import Image from "@11ty/eleventy-img";

const job = JSON.parse(process.argv[2]);
const begun = performance.now();
const before = process.cpuUsage();
await Promise.all(
  job.pictures.map((picture, number) =>
    Image(picture, {
      widths: job.widths,
      formats: job.formats,
      outputDir: job.output,
      useCache: false,
      filenameFormat: (id, source, width, format) => `${number}-${width}.${format}`,
    }),
  ),
);
const used = process.cpuUsage(before);
const status = readFileSync("/proc/self/status", { encoding: "utf8", flag: "r" });
console.log(
  JSON.stringify({
    build: (performance.now() - begun) / 1000,
    cpu: (used.user + used.system) / 1e6,
    peak: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024,
  }),
);
