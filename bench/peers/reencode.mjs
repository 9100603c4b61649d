// sharp: node reencode.mjs OUT AT_ONCE THREADS FILES...   PNG to PNG, level 6, adaptive filters
import { basename } from "node:path";
import sharp from "sharp";

const [out, atOnce, threads, ...files] = process.argv.slice(2);
sharp.concurrency(+threads);
sharp.cache(false);
let next = 0;
async function work() {
  while (next < files.length) {
    const file = files[next++];
    await sharp(file).png({ compressionLevel: 6, adaptiveFiltering: true }).toFile(`${out}/${basename(file)}`);
  }
}
await Promise.all(Array.from({ length: +atOnce }, work));
