"""Invented messages of a town's citizens: seven matters told in many ways, and odd ones out."""

from __future__ import annotations

import random

MATTERS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "theft": (
        ["我的电动车", "昨晚停楼下的电瓶车", "我家电动车", "新买的电动车放车棚里"],
        ["又被偷了", "让小偷偷走了", "被盗了", "电池被偷"],
        ["监控也看不清", "小偷到现在没抓到", "想问什么时候能抓到小偷", "车棚没有监控"],
    ),
    "queue": (
        ["户籍窗口", "办身份证的窗口", "大厅三个窗口", "办证大厅"],
        ["只开一个，排队排了两个小时", "排队太长", "排队的人站到门外", "排队等了一上午"],
        ["叫号机也坏了", "能不能多开几个窗口", "取号要六点来", "排到了说下班"],
    ),
    "noise": (
        ["楼下烧烤摊", "夜市的烧烤店", "门口大排档", "马路对面的烧烤"],
        ["每天吵到凌晨两点", "划拳喝酒噪音很大", "放音响吵得睡不着", "噪音扰民"],
        ["油烟也往家里飘", "孩子没法睡觉", "老人心脏受不了", "油烟呛人"],
    ),
    "parking": (
        ["消防通道", "单元门前的消防通道", "学校门口", "巷子口的消防通道"],
        ["天天有车违停", "停满了私家车", "违停没人贴条", "被违停的车堵死"],
        ["消防车进不来", "救护车开不进去", "接孩子的车堵成一片", "贴条也没用，还是违停"],
    ),
    "fraud": (
        ["我妈在网上刷单", "接到冒充客服的电话", "群里有人拉我刷单", "下载了贷款软件"],
        ["被骗了三万", "转账后发现被骗", "骗走养老钱", "说退款，结果被骗"],
        ["银行卡里的钱还能追回来吗", "转账记录都在", "想冻结对方银行卡", "转账截图给过你们"],
    ),
    "dogs": (
        ["院里几条大狗", "邻居养的狼狗", "公园里遛狗的", "楼上的狗"],
        ["从来不拴绳", "不牵绳到处跑", "没拴绳追着孩子跑", "不拴绳还咬人"],
        ["老人被咬了一口", "孩子吓得不敢下楼", "狗证也没办", "打疫苗花了钱狗主人不认"],
    ),
    "signal": (
        ["十字路口的红绿灯", "中学旁边红绿灯", "桥头路口的信号灯", "新修路口红绿灯"],
        ["绿灯时间太短", "坏了半个月", "绿灯只有八秒", "一直闪黄灯"],
        ["老人走不到对面", "过马路像打仗", "行人和车抢道", "过马路差点被撞"],
    ),
}
ODD = [
    "想问迁户口要不要本人到场", "居住证到期怎么续", "捡到一个钱包放在值班室了", "护照加急能几天",
    "给出生的孩子起名有没有限制", "想感谢帮我找回书包的人", "去年的罚款单丢了怎么补", "宾馆登记系统太慢",
    "邻里因为一棵树吵架想请人说和", "养老院想请人讲讲防火", "开锁公司收了三百块", "公园路灯不亮",
    "无人机在我家窗外飞", "想改名字要什么手续", "拾到无主的快递", "孩子离家半天了又自己回来了",
    "网吧让未成年人进", "有人冒用我的手机号", "工地拖了三个月工资", "井盖少了一个",
]  # fmt: skip


def say(matter: str, count: int, seed: int = 1) -> list[str]:
    """So many messages about the matter; the same for the same seed."""
    pick = random.Random(f"{matter}{seed}")
    begin, middle, end = MATTERS[matter]
    return [
        f"{pick.choice(begin)}{pick.choice(middle)}，{pick.choice(end)}。" for _ in range(count)
    ]


def odd(count: int, seed: int = 1) -> list[str]:
    """So many messages that have nothing to do with each other, some of them said twice."""
    pick = random.Random(seed)
    return [pick.choice(ODD) for _ in range(count)]
