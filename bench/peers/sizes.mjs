// sharp, several sizes from one decode: node sizes.mjs OUT SIZE,SIZE,... AT_ONCE THREADS FILES...
import { basename, extname } from "node:path";
import sharp from "sharp";

const [out, sizes, atOnce, threads, ...files] = process.argv.slice(2);
sharp.concurrency(+threads);
sharp.cache(false);
let next = 0;
async function work() {
  while (next < files.length) {
    const file = files[next++];
    const name = basename(file, extname(file));
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: info.channels };
    for (const size of sizes.split(",").map(Number))
      await sharp(data, { raw }).resize(size, size, { fit: "inside" }).png().toFile(`${out}/${name}-${size}.png`);
  }
}
await Promise.all(Array.from({ length: +atOnce }, work));
