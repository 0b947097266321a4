"""What matters are about, in the words that people use for it. Pure.

Two citizens tell one matter in different words: 中午窗口没人, 十二点到两点不上班. What their
sentences share is not wording but concepts: a counter, noon, nobody there. This list was written
by hand for what a police station is asked; a word that is missing only makes two tellings of a
matter look less alike. A word stands under one concept only and never reaches over punctuation.
"""

from __future__ import annotations

from collections.abc import Iterator

from actions.duplicates.folding import fold

SUBJECTS = {  # what it is about, and what is wrong: these make a matter this one and no other
    "id_card": "身份证",
    "household": "户口 落户 上户 迁户 户籍迁移 分户 销户 入户",
    "residence_permit": "居住证 暂住证 居住登记 流动人口",
    "name_change": "改名 更名 改姓 改个名 变更姓名 姓名变更 曾用名",
    "birth_date": "出生日期 改年龄 生日登错 年龄错",
    "licence": "驾驶证 驾照 驾证 考驾 科目一 科目二 科目三 科目四 科一 科二 科三 学车 驾校",
    "vehicle": "年检 年审 验车 行驶证 上牌 过户 车牌 临牌 车检 检车",
    "passport": "护照 通行证 出入境 签注 签证",
    "no_crime": "无犯罪记录证明 无犯罪证明 无犯罪 犯罪记录 政审",
    "seal": "刻章 公章 印章",
    "signal": "红绿灯 信号灯 绿灯 红灯 黄灯",
    "sign": "标线 标志牌 指示牌 斑马线 减速带 护栏 隔离栏 单行道 掉头",
    "parking": "停车 违停 乱停 停满 车位 占道 挪车 堵门 消防通道 消防车道 僵尸车 乱停乱放",
    "congestion": "堵车 拥堵 疏导 堵得 堵塞 交通混乱 堵成 天天堵 很堵 太堵",
    "fine": "罚单 罚款 违章 扣分 抓拍 罚了 罚我 违法记录 扣了",
    "ebike": "电动车 电瓶车 电动自行车 电单车",
    "motorcycle": "摩托 炸街 飙车 机车 改装车",
    "truck": "货车 渣土车 大车 工程车 泥头车 拉土车",
    "taxi": "黑车 黑出租 拉客 网约车 出租车 的士 宰客",
    "lamp": "路灯 照明",
    "accident": "车祸 事故 追尾 肇事 逃逸 剐 刮了 被撞 撞了 撞伤 定责 责任认定",
    "speeding": "超速 飞快 很快 飞驰 开得快",
    "drink_driving": "酒驾 醉驾 喝了酒开车 酒后开车",
    "theft": "偷 被盗 盗窃 小偷 扒手 失窃 摸走 被人拿走 撬",
    "lost": "丢了 丢失 遗失 找不到 不见了 挂失 弄丢 补办 捡到 失物 落在",
    "missing": "走失 走丢 失踪 失联 离家出走",
    "fraud": "骗 诈骗 刷单 杀猪盘 假冒客服 套路贷",
    "noise": "吵 噪音 噪声 喧哗 扰民 大声 声音大 声音很大 声音太大 声音特别大 睡不着 没法休息 没法睡",
    "barbecue": "烧烤 夜宵 大排档 夜市 油烟",
    "music": "广场舞 唱歌 音响 ktv 喇叭 音乐 低音 卡拉ok 跳舞 酒吧",
    "fireworks": "烟花 鞭炮 爆竹",
    "dog": "狗 犬",
    "fight": "打架 打人 殴 打起来 动手打 被打 挨打 打了我 打伤 斗殴",
    "domestic": "家暴 打老婆 老公打 丈夫打",
    "threat": "威胁 恐吓 骚扰 跟踪 上门闹 催债 催收",
    "gambling": "赌 麻将 棋牌 老虎机",
    "drugs": "吸毒 毒品 贩毒",
    "vice": "卖淫 嫖 招嫖 小卡片",
    "pyramid": "传销",
    "filing": "立案 不受理 不给立 不予立 回执 立了案",
    "dispatch": "出警 民警来 警察来 警察才到 民警才 来的警察 来的民警 没出警 才到 到场 到现场",
    "no_answer": "没人接 打不通 无人接 占线 没有人接 不接电话 没接 打不进 不接",
    "noon": "中午 午休 午饭 吃饭 十一点 十二点 正午 午间",
    "weekend": "周六 周末 双休 星期六 星期天 周日 节假日 礼拜天 礼拜六 星期日",
    "absent": (
        "没人 没有人 无人 不上班 关门 锁门 锁着 关着 不在岗 见不到人 一个人没有 一个人都没有"
        " 一个人也没有 空岗 不开门 没开门 没开 不办公 留人 都不在 不在 脱岗 没见到人 看不到人"
    ),
    "ignored": (
        "没人管 没人理 没有人管 没有人理 没有一个人管 不理 没处理 不处理 不管 管不住 没用 没人处理"
        " 爱答不理 没联系 没人联系 不解决 没解决 不作为 没人来"
    ),
    "attitude": (
        "态度 凶 骂 不耐烦 难听 恶劣 吼 训斥 训我 冷冰冰 没礼貌 粗鲁 甩脸 脸色 嚷 不文明 瞧不起"
        " 阴阳怪气 白眼"
    ),
    "idle": "玩手机 抽烟 吸烟 聊天 打游戏 睡觉 看视频 嗑瓜子 上班时间",
    "fee": "收费 块钱 乱收 工本费 收要 要收 多少钱 太贵 收钱 收我 元一张 元工本 发票",
    "runaround": (
        "跑了 来回 白跑 趟 推到 推给 推来推去 踢皮球 推诿 互相推 折腾 让我去找 去了两次 去了三次"
        " 去了四次 去了五次"
    ),
    "papers": "材料 手续 缺",
    "system": "系统 故障 死机 打不开 进不去 转圈 网页 崩 坏了 登录不了 登不上 小程序",
    "booking": "预约 约号 抢号 叫号 取号",
    "self_service": "自助",
    "photo": "照相 拍照 照片 相片 拍身份证 重拍 证件照 照得",
    "home_visit": "上门",
    "cash": "现金 扫码 微信付 手机付 支付 刷卡",
    "mail": "邮寄 寄出 快递 寄到 寄错 邮政 寄来",
    "wrong": "错 不是我 根本不在 没去过 冤 弄混 对不上 不一致",
    "clash": "重号 重了 一模一样 同一个号 号码相同 和别人",
    "obstructed": "挡 遮 看不见 看不清 看不到",
    "magnetism": "消磁 读不出 刷不出 刷不了 失效 没磁",
    "express": "加急 来不及 尽快办 急用",
    "traffic_limit": "限行 禁行 禁止通行 禁止大货车 限速",
    "patrol": "巡逻 巡防",
    "camera": "监控 摄像 录像 调监控",
    "mediation": "调解 劝和",
    "thanks": "表扬 耐心 热情 公道 点赞 锦旗 贴心",
    "bitten": "咬",
    "leash": "拴绳 牵绳 遛狗",
    "accessible": "坡道 轮椅 残疾 盲道 无障碍 盲人",
    "seats": "椅子 座位 凳子 空调 饮水",
    "leak": "泄露 信息泄漏 隐私",
    "works": "施工 工地 打桩 装修 电钻 挖掘机 搅拌 工程 挖路 围挡",
    "fire_safety": "着火 起火 失火 火灾 消防 煤气 燃气 充电 飞线 灭火器",
    "stairs": "楼道 楼梯 电梯 过道",
    "document_check": "警官证 出示证件 亮证 搜查 搜我 查我手机 翻我 传唤 讯问 笔录",
    "custody": "拘留 看守所 关押 扣押 扣了车 扣车 罚没 取保 被抓",
    "signature": "签字 盖章 审批 领导批 领导不在",
    "correction": "更正 登记错 写错 录错 改正 错别字 改不了",
    "extortion": "敲诈 勒索 收保护费 混混 拦学生 要钱 抢钱 抢劫 霸凌 欺负",
    "vendor": "摊贩 小贩 摆摊 占路 出店经营 地摊",
    "medicine": "假药 保健品 推销 假货 假冒",
    "wages": "工资 欠薪 拖欠 讨薪",
    "rent": "房东 租房 租客 押金 群租 中介 出租屋 退租",
    "hotel": "宾馆 旅馆 酒店 民宿",
    "internet_bar": "网吧 未成年",
    "minibike": "头盔 逆行 闯红灯 鬼火 外卖 骑手",
    "school_bus": "校车 超载 超员",
    "knife": "刀 枪 凶器 棍",
    "water": "溺水 落水 玩水 河边 水库",
    "drone": "无人机",
    "card_frozen": "冻结 断卡 停机 解冻 涉案账户 锁卡",
    "phone_card": "电话卡 手机卡 骚扰电话 陌生电话 短信",
    "property": "房产证 产权 买房 卖房 原房主 新房 二手房",
    "marriage": "结婚 离婚 前夫 前妻 婚姻",
    "death": "去世 死亡 死了 火化 遗产 过世",
    "parking_fee": "停车费 停车收费 高价 拖车费",
    "misuse": "冒用 盗用 被人用 顶替 冒名",
    "police_car": "警车 巡逻车 执勤车",
    "uniform": "警服 没穿制服 辅警 协警 便衣",
    "visit": "看望 走访 片警 社区民警 定期",
    "living_alone": "独居 孤寡 留守",
    "care_home": "养老院 敬老院 福利院",
    "car_lock": "地锁 车位锁 门杆 道闸",
    "fake_plate": "套牌 假牌 遮挡号牌",
    "licence_exam": "约考 约不上 补考 考场 考官 教练",
    "trees": "树",
    "manhole": "井盖 坑 路面 塌",
    "snow": "积水 结冰 雪",
    "drunk": "醉 酒后 喝多 撒酒疯 耍酒疯",
    "mental": "精神病 发疯 疯子",
    "suicide": "自杀 跳楼 轻生",
    "petition": "上访 信访 维权",
    "rumour": "谣言 造谣 诽谤 侮辱 网暴",
    "unlock": "开锁 锁匠 换锁",
    "begging": "乞讨 流浪",
    "loan": "贷款 借了 借钱 借条 欠 不还",
}
SETTINGS = {  # what many matters share: who, where, when, how long
    "counter": "窗口 大厅 柜台 户籍室 办证 户政 户籍",
    "report": "报警 110 报了警 报案 报的案 报了案 报的警",
    "phone": "电话 热线",
    "school": "学校 小学 中学 放学 上学 幼儿园 校门",
    "exam": "高考 中考 考试 考生 报名 考研",
    "elder": "老人 老年 腿脚 瘫 行动不便 卧床 奶奶 爷爷 父亲 母亲 我妈 我爸 老头 老太",
    "child": "孩子 小孩 新生儿 娃 学生 宝宝",
    "night": "半夜 夜里 凌晨 晚上 深夜 每晚 昨晚 夜间 天黑",
    "morning": "早上 一早 上午 清晨 早晨",
    "afternoon": "下午 十三点 十四点 十五点 十六点 十七点",
    "wait": "等了 干等 排队 排了 半天 小时 等到 久等 等着 等很久 排长队",
    "slow": (
        "拖 太慢 慢 个多月 月了 还没 没拿到 没下来 没收到 没进展 没有进展 没消息 没有消息 没结果 没下文"
        " 没答复 没有答复 没人告诉 没个说法 没说法 到现在 一直没 没回音 迟迟 没信 没动静"
    ),
    "bus": "公交 地铁",
    "station": "火车站 车站 高铁 汽车站 火车",
    "market": "菜市场 市场 超市 商场",
    "road": "路口 十字路 马路 丁字路",
    "bank": "银行 开户头 银行卡",
    "neighbour": "邻居 隔壁 楼上 楼下",
    "estate": "小区 物业 门禁 保安",
    "asking": (
        "怎么办 哪里办 去哪 需要什么 需要哪些 要带什么 带什么 要准备 准备哪些 如何 怎么办理 咨询"
        " 什么条件 对不对 能不能换"
    ),
}


def _by_first_character() -> dict[str, list[tuple[str, str]]]:
    """Every word with its concept under its first character, the longest first."""
    index: dict[str, list[tuple[str, str]]] = {}
    for concept, words in (SUBJECTS | SETTINGS).items():
        for word in map(fold, words.split()):
            index.setdefault(word[0], []).append((word, concept))
    for entries in index.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return index


_INDEX = _by_first_character()


def concepts(folded: str) -> set[str]:
    """The concepts of a folded text. Of words that begin alike the longest counts: 没人接, 没人."""
    return set(_found(folded))


def _found(folded: str) -> Iterator[str]:
    position = 0
    while position < len(folded):
        step = 1
        for word, concept in _INDEX.get(folded[position], ()):
            if folded.startswith(word, position):
                yield concept
                step = len(word)
                break
        position += step
