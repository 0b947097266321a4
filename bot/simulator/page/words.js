// The page's own words. What people say on the phones comes from the bot and is not translated.

const ZH = {
  title: "回音", motto: "事事有着落，件件有回音", fiction: "演示环境 · 人物、单位均为虚构",
  clear: "清空", language: "English",
  wall: "码墙", wallHelp: "点一个码，就是用「群众」的手机扫它", webChat: "网页聊天：用浏览器打开这个码",
  scanning: "扫码", strip: "平台",
  citizen: "群众", officer: "民警", supervisor: "上级",
  wechatSub: "公众号 · 微信", telegramSub: "Telegram", wecomSub: "企业微信 · 应用", smsSub: "短信",
  typing: "对方正在输入…",
  write: "写一句…", send: "发送", attach: "附件",
  photo: "照片", sample: "示例照片", voice: "语音", location: "位置",
  voiceWords: "语音里说的话", voiceSend: "发语音", voiceBare: "不带识别文字",
  place: "明德里 18 号院门口",
  follow: "关注公众号", start: "开始", bind: "点此绑定",
  emptyWechat: "扫一个码，点菜单，或者直接写一句。",
  emptyTelegram: "还没有消息。先打个招呼，机器人才能给您发消息。",
  emptyWecom: "还没有消息。直接写一句，或者等应用发来新件。",
  emptySms: "还没有短信。直接写一句就行。",
  joined: "可以使用应用了", left: "已离开企业，应用发不到这里了",
  bindHint: "绑定码",
  groupSub: "群", groupAs: "发言的人：", onlySeenBy: "只有本人看到：", thrownOut: "机器人被移出了群", addedBot: "机器人进了群",
  emptyGroup: "群里还没有消息。只有命令和 @机器人 的话会传给机器人。",
  scanned: "扫了码", clicked: "点了菜单", pressed: "点了", followed: "关注了公众号",
  unfollowed: "取消了关注", blocked: "停用了机器人", unblocked: "重新启用了机器人",
  failed: "没有送到", resending: "没有送到，平台会重发", deleted: "这条消息已撤回", edited: "已编辑",
  open: "查看详情", today: "今天",
  live: "已连接", lost: "连接断了，正在重连…", unread: "有新消息",
  template: "服务通知", subscribe: "订阅通知",
  nothingYet: "还没有往来",
  kinds: { desk: "窗口", station: "单位", unit: "单位", car: "警车", officer: "胸牌" },
  tabs: { wall: "码墙", citizen: "群众", officer: "民警", supervisor: "上级", strip: "平台" },
  modes: { aes: "AES", compat: "兼容", plain: "明文" },
  callback: "回调", update: "更新", resend: "重发", again: "再投",
  api: {
    "message/custom/send": "客服消息", "message/template/send": "模板消息",
    "message/subscribe/bizsend": "订阅通知", "message/custom/typing": "输入状态",
    stable_token: "取令牌", token: "取令牌", "qrcode/create": "生成二维码",
    "media/get": "取素材", "media/upload": "传素材", "user/info": "查用户", "menu/create": "建菜单",
    sendMessage: "发消息", sendPhoto: "发图片", sendDocument: "发文件", sendChatAction: "输入状态",
    editMessageText: "改消息", editMessageReplyMarkup: "改按钮", deleteMessage: "删消息",
    answerCallbackQuery: "应答点击", getFile: "取文件", setWebhook: "设回调", setMyCommands: "设命令",
    deleteWebhook: "撤回调", getWebhookInfo: "查回调",
    SendSms: "发短信", gettoken: "取令牌", "message/send": "应用消息", "message/update_template_card": "改卡片",
  },
  events: {
    verify: "验证地址", text: "消息", image: "图片", voice: "语音", video: "视频", location: "位置",
    link: "链接", template_card_event: "点卡片", subscribe: "加入应用", unsubscribe: "离开应用",
    report: "短信回执", uplink: "短信上行", change_contact: "通讯录变更", enter_agent: "打开应用",
  },
  updates: { message: "消息", callback_query: "按钮", my_chat_member: "停用／启用" },
  outcomes: {
    passive: "被动回复", success: "success，稍后再回", empty: "空串，不回", timeout: "没有应答，断开",
    refused: "连不上", status: "状态码不对", garbage: "看不懂的应答", forged: "签名不符",
    unencrypted: "应答未加密", ok: "收下了", unverified: "地址没通过验证", dropped: "超过频率，悄悄丢弃",
  },
};

const EN = {
  title: "Huiyin", motto: "Every matter finds its place, every case its echo",
  fiction: "Demonstration · all people and units are fictional",
  clear: "Clear", language: "中文",
  wall: "Codes", wallHelp: "Press a code to scan it with the citizen's phone",
  webChat: "Web chat: open the code in a browser",
  scanning: "Scan", strip: "Platform",
  citizen: "Citizen", officer: "Officer", supervisor: "Above",
  wechatSub: "Official account · WeChat", telegramSub: "Telegram", wecomSub: "WeCom · app", smsSub: "Text messages",
  typing: "typing…",
  write: "Message", send: "Send", attach: "Attach",
  photo: "Photo", sample: "Sample photo", voice: "Voice", location: "Location",
  voiceWords: "What is said", voiceSend: "Send voice", voiceBare: "without recognised words",
  place: "明德里 18 号院门口",
  follow: "Follow the account", start: "Start", bind: "Bind",
  emptyWechat: "Scan a code, use the menu, or just write.",
  emptyTelegram: "No messages yet. Say hello first: a bot may not write to strangers.",
  emptyWecom: "No messages yet. Write, or wait for the app's first case.",
  emptySms: "No messages yet. Just write.",
  joined: "may use the app", left: "left the company; the app cannot write here any more",
  bindHint: "Binding code",
  groupSub: "group", groupAs: "Speaking: ", onlySeenBy: "only for ", thrownOut: "the bot was removed",
  addedBot: "the bot was added",
  emptyGroup: "Nothing yet. Only commands and words that name the bot reach it.",
  scanned: "scanned", clicked: "menu", pressed: "pressed", followed: "followed the account",
  unfollowed: "stopped following", blocked: "blocked the bot", unblocked: "unblocked the bot",
  failed: "not delivered", resending: "not delivered, will be sent again", deleted: "message deleted",
  edited: "edited",
  open: "Details", today: "Today",
  live: "connected", lost: "connection lost, trying again…", unread: "new messages",
  template: "Service notice", subscribe: "Subscribed notice",
  nothingYet: "nothing yet",
  kinds: { desk: "counter", station: "unit", unit: "unit", car: "car", officer: "badge" },
  tabs: { wall: "Codes", citizen: "Citizen", officer: "Officer", supervisor: "Above", strip: "Wire" },
  modes: { aes: "AES", compat: "compatible", plain: "plain" },
  callback: "callback", update: "update", resend: "re-sent", again: "again",
  api: {}, events: {}, updates: {},
  outcomes: {
    passive: "passive reply", success: "success, answer follows", empty: "empty, no answer",
    timeout: "no answer, cut", refused: "unreachable", status: "bad status", garbage: "garbage",
    forged: "wrong signature", unencrypted: "not encrypted", ok: "taken",
    unverified: "address not verified", dropped: "too many, dropped silently",
  },
};

let language = localStorage.getItem("huiyin.language") === "en" ? "en" : "zh";

export const words = () => (language === "en" ? EN : ZH);
export const word = (key) => words()[key] ?? key;

export function switchLanguage() {
  language = language === "en" ? "zh" : "en";
  localStorage.setItem("huiyin.language", language);
  showWords();
}

export function showWords() {
  document.documentElement.lang = language === "en" ? "en" : "zh-CN";
  document.title = `${word("title")} · ${language === "en" ? "demonstration" : "演示"}`;
  for (const node of document.querySelectorAll("[data-word]")) {
    node.textContent = word(node.dataset.word);
  }
}
