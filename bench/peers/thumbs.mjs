// sharp: node thumbs.mjs OUT WIDTH HEIGHT FORMAT AT_ONCE THREADS FILES...   (its own settings are its fastest)
import { basename, extname } from "node:path";
import sharp from "sharp";

const [out, width, height, format, atOnce, threads, ...files] = process.argv.slice(2);
sharp.concurrency(+threads);
sharp.cache(false);
let next = 0;
async function work() {
  while (next < files.length) {
    const file = files[next++];
    const name = basename(file, extname(file));
    await sharp(file).resize(+width, +height, { fit: "inside" })
      .toFormat(format, format !== "png" ? { quality: 80 } : {}).toFile(`${out}/${name}.${format === "jpeg" ? "jpg" : format}`);
  }
}
await Promise.all(Array.from({ length: +atOnce }, work));
