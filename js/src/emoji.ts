/** Emoji with the words that they are found and read out by. */
export interface Sign {
  emoji: string;
  name: string;
}

const of = (text: string): Sign[] =>
  text
    .trim()
    .split("\n")
    .map((line) => {
      const [emoji = "", ...words] = line.trim().split(" ");
      return { emoji, name: words.join(" ") };
    });

/** For one click. */
export const QUICK: readonly Sign[] = of(`
👍 thumbs up
✅ done
👀 looking
❤️ heart
🎉 party
😂 tears of joy
🙏 thank you
🚀 rocket
`);

export const PALETTE: readonly Sign[] = of(`
👍 thumbs up
👎 thumbs down
✅ done
❌ no
👀 looking
❤️ heart
🎉 party
😂 tears of joy
🙏 thank you
🚀 rocket
🔥 fire
💯 hundred
👏 clap
🙌 raised hands
🤝 handshake
💪 strong
👋 wave
🤔 thinking
😀 grin
😄 happy
😅 sweat
😉 wink
🙂 smile
🙃 upside down
😊 pleased
😍 love
😎 cool
🤓 nerd
😬 grimace
😮 surprised
😢 sad
😭 crying
😡 angry
😴 asleep
🤷 shrug
🤦 facepalm
🫡 salute
💡 idea
❓ question
❗ important
⚠️ warning
🐛 bug
🔧 wrench
📈 up
📉 down
📊 chart
📌 pin
📎 paper clip
📅 calendar
⏳ waiting
⏰ alarm
☕ coffee
🍰 cake
🍕 pizza
🌱 seedling
🌊 wave of water
⛴️ ferry
⭐ star
🏁 finish
🧪 experiment
🧹 clean up
🔒 locked
🔍 search
💤 sleep
`);
